/* form_text.h - what a form's fault is called: a stable code, and a Vietnamese sentence. */
#ifndef DVC_CORE_FORM_TEXT_H
#define DVC_CORE_FORM_TEXT_H

#include "base/arena.h"

enum form_rule {
    FORM_REQUIRED,
    FORM_PLEDGE,  /* a required yes/no must be yes */
    FORM_HIDDEN,  /* answers a question that was not to be asked */
    FORM_UNKNOWN, /* no such field */
    FORM_NOT_MAP,
    FORM_TYPE_TEXT,
    FORM_TYPE_INTEGER,
    FORM_TYPE_NUMBER,
    FORM_TYPE_BOOLEAN,
    FORM_TYPE_LIST,
    FORM_MIN,
    FORM_MAX,
    FORM_TOO_SHORT,
    FORM_TOO_LONG,
    FORM_CONTROL, /* control characters, or marks that turn the direction of writing */
    FORM_PATTERN,
    FORM_OPTION,
    FORM_TWICE,
    FORM_DATE,
    FORM_DATE_MIN,
    FORM_DATE_MAX,
    FORM_FUTURE,
    FORM_CITIZEN_ID,
    FORM_PHONE,
    FORM_EMAIL,
    FORM_TAX_CODE,
    FORM_COMMUNE,
    FORM_PAPER_REQUIRED,
    FORM_PAPER_UNKNOWN,
    FORM_PAPER_CASE,
    FORM_PAPER_TWICE,
    FORM_PAPER_FORMAT,
    FORM_PAPER_SIZE,
    FORM_RULE_COUNT
};

const char *form_rule_code(enum form_rule rule);
/* The sentence about the field or paper `label`, in the arena; `limit` is what the rule asks, NULL
 * when it has none. */
const char *form_rule_message(struct arena *arena, enum form_rule rule, const char *label,
                              const char *limit);

#endif
