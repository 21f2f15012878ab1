/* settings_table.h - the table of dvcd.yaml's keys. */
#ifndef DVC_CONF_SETTINGS_TABLE_H
#define DVC_CONF_SETTINGS_TABLE_H

#include "conf/settings.h"

enum settings_path {
    SETTINGS_NO_PATH,
    SETTINGS_CONF_PATH, /* relative to the folder of dvcd.yaml */
    SETTINGS_DATA_PATH  /* relative to paths.data */
};

struct settings_row {
    const char *section;
    const char *full;      /* "http.listen" */
    struct schema_key key; /* offset into struct settings */
    enum settings_path path;
    const char *fallback; /* default as written in YAML; NULL: none */
    bool reloadable;
    const char *help; /* Vietnamese */
};

extern const struct settings_row settings_rows[];
extern const size_t settings_row_count;

struct settings_section {
    const char *name;
    const char *help; /* Vietnamese */
};
extern const struct settings_section settings_sections[];
extern const size_t settings_section_count;

#endif
