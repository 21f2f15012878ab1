/* plugin_write.h - a plugin's text that a command made: on standard output, or as a new file that
 * never takes the place of another. */
#ifndef DVC_CTL_PLUGIN_WRITE_H
#define DVC_CTL_PLUGIN_WRITE_H

#include "base/slice.h"

/* `into` NULL: to standard output; else to <into>/<code>.yaml, whose name is printed to standard
 * error. 0, or CTL_FAILED, printed: the file is there already, or cannot be written whole (then
 * nothing of it stays). */
int plugin_write(const char *into, const char *code, struct slice text) DVC_MUSTCHECK;

#endif
