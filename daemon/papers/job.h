/* job.h - a form as JSON: what comes to the process that prints. Members are named as in the struct
 * of each form; moments are RFC 3339, days YYYY-MM-DD. */
#ifndef DVC_PAPERS_JOB_H
#define DVC_PAPERS_JOB_H

#include "base/buf.h"

/* Prints {"form": "receipt" | ... | "register" | "handover", "head": {...}, ...} to the end of
 * `out`; for {"form": "fonts"} only what fonts_check says. 0 or PAPERS_E_* (sheet.h); PAPERS_E_FONT
 * before a line is drawn when letters are missing. */
int job_print(struct slice json, struct buf *out) DVC_MUSTCHECK;

#endif
