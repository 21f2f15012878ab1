/* generation_reader.h - reads a generation of the configuration in slices, so that whoever reads
 * goes on with its other work; takes from the generation before it what has not changed. */
#ifndef DVC_CONF_GENERATION_READER_H
#define DVC_CONF_GENERATION_READER_H

#include "conf/generation.h"

struct generation_reader;

/* As generation_load. `old` may be NULL; it stays until the reader is done. */
struct generation_reader *generation_reader_new(const char *path, const char *data,
                                                const struct generation *old);
/* Goes on for about slice_us, at least by one file. True when all is read. */
bool generation_reader_step(struct generation_reader *reader, int64_t slice_us) DVC_MUSTCHECK;
/* Ends the reader: what it has read, whole when the last step gave true. */
struct generation *generation_reader_end(struct generation_reader *reader);

#endif
