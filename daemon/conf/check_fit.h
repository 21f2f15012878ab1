/* check_fit.h - whether the value that one procedure has can be put into a field of another. */
#ifndef DVC_CONF_CHECK_FIT_H
#define DVC_CONF_CHECK_FIT_H

#include "core/procedure.h"

/* What is known of a source before there is any dossier. */
struct fit {
    bool known;  /* there is such a source */
    bool always; /* it is never empty when the dossier is opened */
    enum field_type type;
    const struct field *field;    /* a field of the form, else NULL */
    const struct value *constant; /* a value that stands in the plugin, else NULL */
};

const struct field *fit_field(const struct procedure *procedure, const char *id);
/* A field that every dossier of its procedure must have. */
bool fit_required(const struct field *field);
/* `spawn` because its own condition may say that an optional field is there. */
void fit_source(const struct procedure *procedure, const struct spawn *spawn,
                const struct spawn_source *source, struct fit *ret);
bool fit_type(const struct fit *fit, const struct field *target);
/* What the target asks beside its kind, and the source does not promise: its range, dates, length.
 * NULL when all is promised; else said for people. Of a pattern only a constant can be judged. */
const char *fit_bounds(struct arena *arena, const struct fit *fit, const struct field *target);
/* The kind of the source, for people. */
const char *fit_name(struct arena *arena, const struct fit *fit);

#endif
