/* answers.h - the answers of a form as `--form field=value` gives them on a command line. */
#ifndef DVC_CTL_ANSWERS_H
#define DVC_CTL_ANSWERS_H

#include "core/procedure.h"

/* Each word has a '='; of a `multi` the options stand between commas. Every answer is judged by the
 * rules of its field (range, length, pattern, options, dates as of `today`); what is not answered
 * may be left out, and whether a field is shown is not asked. 0 with *ret_form (in `arena`), or an
 * exit status, every fault printed. */
int answers_read(struct arena *arena, const struct procedure *procedure, const struct slice *words,
                 size_t count, day_t today, struct value **ret_form) DVC_MUSTCHECK;

#endif
