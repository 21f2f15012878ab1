/* forms.h - number and name of each printed form by circular and date, from forms.yaml: the law
 * counts them anew now and then. */
#ifndef DVC_CONF_FORMS_H
#define DVC_CONF_FORMS_H

#include "base/wall.h"
#include "conf/file.h"
#include "core/state.h"

#define FORM_EDITIONS_MAX 50

struct form_label {
    const char *mark;     /* "Mẫu số 01"; NULL: the circular of that day has no such form */
    const char *circular; /* "03/2025/TT-VPCP"; NULL with it */
    const char *title;    /* NULL: no circular has it */
};

struct form_editions;

/* Reads the file at `path`, shown as `file`. 0 with *ret written, or CONF_E_BAD. */
int forms_load(struct arena *arena, const char *path, const char *file, struct conf_errors *errors,
               struct form_editions **ret) DVC_MUSTCHECK;
/* As the circular in force on `day` has it. A form that it does not know bears the title of another
 * one and no number. Takes NULL editions: all NULL. */
struct form_label forms_label(const struct form_editions *editions, enum form_id form, day_t day);

#endif
