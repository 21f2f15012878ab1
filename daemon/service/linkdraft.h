/* linkdraft.h - the dossier that another one asks for (liên thông), made of what that one has: its
 * parties, the fields and papers that the plugin's spawn names, its delivery. */
#ifndef DVC_SERVICE_LINKDRAFT_H
#define DVC_SERVICE_LINKDRAFT_H

#include "core/dossier.h"

struct service;

/* `row` is what `lead` was read from. True: *ret is ready to be filed, in `arena`. False: *ret_why
 * says in Vietnamese what is missing or wrong, by the labels of fields, never by what is in them.
 */
bool linkdraft(struct service *service, struct arena *arena, const struct dossier *lead,
               const struct value *row, const struct dossier_link *link, wall_t now,
               struct dossier **ret, const char **ret_why);

#endif
