/* communes.h - the national list of provinces and communes in force, to check addresses with. */
#ifndef DVC_CONF_COMMUNES_H
#define DVC_CONF_COMMUNES_H

#include "base/arena.h"
#include "conf/file.h"

struct commune {
    const char *code; /* 5 digits */
    const char *name;
    int province; /* index into provinces */
};

struct province {
    const char *code; /* 2 digits */
    const char *name;
};

struct commune_list {
    struct commune *items; /* by code */
    size_t count;
    struct province *provinces; /* in the order of the file */
    size_t province_count;
};

/* Reads province_code, province_name, commune_code, commune_name separated by tabs, with a head
 * line. 0 or CONF_E_BAD. */
int communes_load(struct arena *arena, const char *path, const char *file,
                  struct conf_errors *errors, struct commune_list **ret) DVC_MUSTCHECK;

const struct commune *commune_find(const struct commune_list *list, struct slice code);
const struct province *province_find(const struct commune_list *list, struct slice code);
/* Whether the commune belongs to the province. False for unknown codes. */
bool commune_in(const struct commune_list *list, struct slice commune, struct slice province);

#endif
