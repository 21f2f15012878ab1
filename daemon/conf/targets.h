/* targets.h - the services that dossiers leave the house by, from config/targets. The format
 * is described at the heads of the files there. */
#ifndef DVC_CONF_TARGETS_H
#define DVC_CONF_TARGETS_H

#include "conf/errors.h"
#include "conf/schema.h"
#include "core/carrier.h"
#include "core/mailer.h"
#include "core/sink.h"

#define TARGET_FILES_MAX 16 /* as many channels as a courier has */
#define TARGET_STATUS_MAX 9999 /* largest StatusCode a map may name */

struct targets {
    struct vnpost_target **vnposts; /* by id */
    size_t vnpost_count;
    struct webhook **webhooks;
    size_t webhook_count;
    struct sink *sinks; /* of the webhooks, as the engine takes them */
    struct mailer *mailer; /* NULL: no mail */
};

/* One target of kind vnpost from its map; `dir` (absolute) is what relative paths start from.
 * 0 with *ret written, or CONF_E_BAD. */
int vnpost_target_read(struct schema_reader *reader, const char *dir, const struct value *map,
                       struct vnpost_target **ret) DVC_MUSTCHECK;
/* The same for kind webhook and kind smtp (target_outlet.c); *ret is NULL for one that says
 * `enabled: false`: its keys were looked at, its secrets were not. */
int webhook_read(struct schema_reader *reader, const char *dir, const struct value *map,
                 struct webhook **ret) DVC_MUSTCHECK;
int mailer_read(struct schema_reader *reader, const char *dir, const struct value *map,
                struct mailer **ret) DVC_MUSTCHECK;
/* https, or http to this machine: anything farther would carry what is sent in the clear. */
bool target_url_safe(const char *url);
/* The content of a file that holds one secret; NULL when a fault was added. */
const char *target_secret(struct schema_reader *reader, const char *dir, const struct value *map,
                          const char *key, const char *file);
/* Every YAML file of a folder; a folder without files gives no targets. 0 or CONF_E_BAD. */
int targets_load(struct arena *arena, const char *folder, const char *label,
                 struct conf_errors *errors, struct targets **ret) DVC_MUSTCHECK;

#endif
