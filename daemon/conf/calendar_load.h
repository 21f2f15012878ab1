/* calendar_load.h - working calendars from the YAML files of config/calendars. The format is
 * described at the head of vn-default.yaml. */
#ifndef DVC_CONF_CALENDAR_LOAD_H
#define DVC_CONF_CALENDAR_LOAD_H

#include "base/value.h"
#include "conf/errors.h"
#include "core/calendar.h"

#define CALENDAR_FILES_MAX 200

/* All calendars of one configuration generation, by id. */
struct calendar_set;

/* One parsed file. `file` is the name shown in errors. */
struct calendar_file {
    const char *file;
    const struct value *root;
};

/* Builds every calendar of `files`; one that extends another may come before it. Every fault is
 * added to `errors` with its place. `years_ahead` years after the last one that a
 * file knows count with weekends only (clock.weekends_only_years). 0 with *ret written, or
 * CONF_E_BAD (conf/yaml.h). Texts are copied: the values may go. */
int calendar_set_build(struct arena *arena, const struct calendar_file *files, size_t count,
                       int years_ahead, struct conf_errors *errors,
                       struct calendar_set **ret) DVC_MUSTCHECK;
/* The same from every *.yaml of a folder. `label` is the folder's name shown in errors. */
int calendar_set_load(struct arena *arena, const char *folder, const char *label,
                      int years_ahead, struct conf_errors *errors,
                      struct calendar_set **ret) DVC_MUSTCHECK;

size_t calendar_set_count(const struct calendar_set *set);
const struct calendar *calendar_set_at(const struct calendar_set *set, size_t index); /* by id */
const struct calendar *calendar_set_find(const struct calendar_set *set, const char *id); /* NULL */

#endif
