/* plugin_template.h - plugins/template.yaml, the commented plugin that a new one begins as. */
#ifndef DVC_CTL_PLUGIN_TEMPLATE_H
#define DVC_CTL_PLUGIN_TEMPLATE_H

#include "base/arena.h"

/* The program's own, from the installed data or the tree. 0, or CTL_FAILED, printed. */
int plugin_template_read(struct arena *arena, struct slice *ret) DVC_MUSTCHECK;
/* The line of the top level that begins with `key`, without its end: what it says is from the colon
 * on. False when there is none. */
bool plugin_template_line(struct slice text, const char *key, struct slice *ret_line);
/* From the line of `key` to the next line of the top level that is neither comment nor blank. */
bool plugin_template_part(struct slice text, const char *key, struct slice *ret_part);

#endif
