/* form.h - checks a citizen's answers against the procedure's form and papers. The same rules make
 * the JSON Schema that the client uses. */
#ifndef DVC_CORE_FORM_H
#define DVC_CORE_FORM_H

#include "core/procedure.h"

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

/* Every fault at once. `form` may be NULL (as an empty map). Normalised values (NFC, trimmed) are
 * put into *ret_form, a new map in the procedure's order of fields. `lookup` answers the paths of
 * conditions outside form.*. */
void form_check(struct arena *arena, const struct procedure *procedure, const struct value *form,
                day_t today, expr_lookup_fn lookup, void *ctx, struct value **ret_form,
                struct form_faults *faults);
/* JSON Schema (2020-12) of the form. */
void form_schema(struct buf *buf, const struct procedure *procedure);

/* Rules for single values, shared with intake: each true when right. */
bool form_citizen_id_ok(struct slice text); /* 12 digits: province, century and sex, year, serial */
bool form_phone_ok(struct slice text);      /* 10 digits from 03 05 07 08 09, or 02x + 11 digits */
bool form_email_ok(struct slice text);
bool form_tax_code_ok(struct slice text);   /* 10 digits with check digit, or 13 with branch, or a citizen id */

#endif
