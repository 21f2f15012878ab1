/* filetype.h - what a file is, by its content and never by its name (libmagic). */
#ifndef DVC_SERVICE_FILETYPE_H
#define DVC_SERVICE_FILETYPE_H

#include "core/format.h"

struct filetypes;

#define FILETYPE_LOOK (64u << 10) /* bytes of a file's beginning that tell */

/* NULL when libmagic or its database cannot be used. */
struct filetypes *filetypes_new(void);
struct filetypes *filetypes_free(struct filetypes *types); /* takes NULL, returns NULL */
/* `start`: the file's first FILETYPE_LOOK bytes, or all of it. NULL: none of the formats we know.
 */
const struct file_format *filetype_of(struct filetypes *types, struct slice start);

#endif
