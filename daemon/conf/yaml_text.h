/* yaml_text.h - writes YAML as people write it: one scalar, one comment. libyaml's emitter knows no
 * comments, and a file that a clerk goes on with lives by them. */
#ifndef DVC_CONF_YAML_TEXT_H
#define DVC_CONF_YAML_TEXT_H

#include "base/buf.h"

/* One line that conf/yaml.h reads back as this text (in NFC), inside of { } and [ ] as well: plain
 * where nothing can be taken for something else, else in double quotes. `text` is valid UTF-8
 * without NUL. */
void yaml_add_text(struct buf *buf, struct slice text);
/* Always in double quotes: codes, and whatever must stay text. */
void yaml_add_quoted(struct buf *buf, struct slice text);
/* Lines "# ..." that begin at column `indent` and break at blanks before column 110; breaks and
 * control characters of `text` become blanks. Nothing for an empty text. */
void yaml_add_comment(struct buf *buf, int indent, struct slice text);

#endif
