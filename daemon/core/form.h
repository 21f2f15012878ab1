/* form.h - checks a citizen's answers against the procedure's form and papers. The same rules make
 * the JSON Schema that the client uses. */
#ifndef DVC_CORE_FORM_H
#define DVC_CORE_FORM_H

#include "core/procedure.h"

/* Code points of a text, where the plugin names no limit. */
#define FORM_TEXT_LENGTH 255
#define FORM_TEXTAREA_LENGTH 4000

struct form_fault {
    const char *pointer; /* JSON pointer into the request, e.g. /form/child_name */
    const char *code;    /* required, type, min, max, length, pattern, option, date, unknown, ... */
    const char *message; /* Vietnamese: field label, rule and limit */
};

struct form_faults {
    struct form_fault *items; /* at most 100 are kept */
    size_t count, cap;
};

void form_fault(struct arena *arena, struct form_faults *faults, const char *code,
                const char *message, const char *pointer_fmt, ...) DVC_PRINTF(5, 6);

/* Every fault at once. `form` may be NULL (as an empty map); its texts are valid UTF-8 in NFC,
 * which the door that read them sees to (utf8_nfc). *ret_form is a new map in the procedure's order
 * of fields with what is right, normalised: trimmed, identity, phone and tax numbers in one
 * spelling, line ends as LF, whole numbers as integers; blank texts, null and empty lists count as
 * absent and are left out. It borrows from `form` and `procedure`. `lookup` answers the paths of
 * conditions outside form.*; NULL: none has a value.
 *
 * A required yes/no must be yes, as a pledge that has to be ticked; a question that may be answered
 * with no is a select. A hidden field (show_if) must be absent. Whether a commune code exists is
 * the caller's matter. Takes a few microseconds for 20 fields. */
void form_check(struct arena *arena, const struct procedure *procedure, const struct value *form,
                day_t today, expr_lookup_fn lookup, void *ctx, struct value **ret_form,
                struct form_faults *faults);

/* Rules for single values, shared with intake: each true when right, in any spelling that
 * form_value.h brings into the one that is stored. */
bool form_citizen_id_ok(struct slice text); /* 12 digits: province, century and sex, year, serial */
bool form_phone_ok(struct slice text);      /* mobile of 10 digits, fixed of 11, with 0 or +84 */
bool form_email_ok(struct slice text);
/* 10 digits with check digit, or 13 with branch, or a citizen's number. */
bool form_tax_code_ok(struct slice text);

#endif
