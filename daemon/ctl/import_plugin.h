/* import_plugin.h - from a record of the national portal to the text of a plugin. What the record
 * does not say, and what could only be guessed, is filled in so that the plugin can be checked, and
 * marked above its place by a comment that begins with IMPORT_MARK. */
#ifndef DVC_CTL_IMPORT_PLUGIN_H
#define DVC_CTL_IMPORT_PLUGIN_H

#include "base/wall.h"
#include "ctl/national_record.h"

#define IMPORT_MARK "CẦN XEM:"

/* `code` is d.dddddd, `template` the text of plugins/template.yaml, whose form and workflow are
 * taken, with limits that fit the record's. */
void import_plugin(struct arena *arena, const struct national_record *record, const char *code,
                   day_t today, struct slice template, struct buf *out);

#endif
