/* plugin_pattern.h - the `pattern` of a text field: POSIX extended, compiled for the whole value.
 */
#ifndef DVC_CONF_PLUGIN_PATTERN_H
#define DVC_CONF_PLUGIN_PATTERN_H

#include "conf/plugin_reader.h"

#define PLUGIN_PATTERN_ATOMS 2000

enum {
    PATTERN_E_REFERENCE = 1, /* "(a)\1": the time to match is not bounded */
    PATTERN_E_LARGE,         /* more than PLUGIN_PATTERN_ATOMS, or brackets deeper than 20 */
    PATTERN_E_CLOSE,         /* a `)` without its `(`: the library takes it for itself */
    PATTERN_E_SET,           /* a `[` without its `]` */
};

/* How long the pattern is once its counts are written out: "(ab){3}" has 6 atoms and some. The
 * library writes counts out by itself, and "(((a{255}){255}){255})" would eat the machine. 0, or
 * PATTERN_E_*. */
int plugin_pattern_atoms(struct slice pattern, int *ret) DVC_MUSTCHECK;
/* Compiles field->pattern into field->regex; both NULL when there is none. The faults are told of
 * at the key in `map`. */
void plugin_pattern(struct plugin_reader *reader, const struct value *map, struct field *field);

#endif
