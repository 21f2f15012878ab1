/* text_vi.h - what the transport says to people, in Vietnamese. */
#ifndef DVC_HTTP_TEXT_VI_H
#define DVC_HTTP_TEXT_VI_H

#include "http/head.h"

/* Title of an error status; a general one for a status the table lacks. Never NULL. */
const char *text_vi_title(int status);
/* Stable English code that stands for a status when a problem has none of its own. */
const char *text_vi_code(int status);

struct refusal_text {
    int status;
    const char *code;   /* English snake_case */
    const char *detail; /* Vietnamese */
    int retry_after;    /* seconds; 0: no header */
    const char *limit;  /* instead of `detail` where the limit is known: it follows; NULL: none */
};
const struct refusal_text *text_vi_refusal(enum refuse_reason why);

#endif
