/* agency_load.h - reads the files of config/agencies and ties what they hold into one tree. */
#ifndef DVC_CONF_AGENCY_LOAD_H
#define DVC_CONF_AGENCY_LOAD_H

#include "conf/agencies.h"
#include "conf/communes.h"

#define AGENCIES_MAX 20000

struct agency_loader;

struct agency_loader *agency_loader_new(struct arena *arena, struct conf_errors *errors);
/* Adds the agencies of one file, shown as `file` in errors. 0 or CONF_E_BAD. */
int agency_loader_file(struct agency_loader *loader, const char *path,
                       const char *file) DVC_MUSTCHECK;
/* Ties parents and proves: codes once, communes known and each with one agency at a time, post
 * offices there, no circle. `communes` NULL: communes are not looked up. 0 or CONF_E_BAD. */
int agency_loader_finish(struct agency_loader *loader, const struct commune_list *communes,
                         struct agency_tree **ret) DVC_MUSTCHECK;

#endif
