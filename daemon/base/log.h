/* log.h - one JSON object a line on standard error. Libraries do not log; the layer that decides
 * does, once. Never names, ID numbers, phone numbers, addresses or document text. */
#ifndef DVC_BASE_LOG_H
#define DVC_BASE_LOG_H

#include "base/check.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* The only mutable global of the daemon besides what main sets once. */
void log_setup(const char *process, enum log_level least); /* copies the name, e.g. "gateway/0" */

/* `event` is a stable snake_case word; `fmt` gives the rest as key=value pairs separated by blanks,
 * e.g. log_warn("outbox_retry", "dossier=%s attempt=%d", code, n). Values with blanks: put them
 * last under the key `detail`, which takes the rest of the line. Each pair becomes a JSON member,
 * always a string. */
void log_debug(const char *event, const char *fmt, ...) DVC_PRINTF(2, 3);
void log_info(const char *event, const char *fmt, ...) DVC_PRINTF(2, 3);
void log_warn(const char *event, const char *fmt, ...) DVC_PRINTF(2, 3);
void log_error(const char *event, const char *fmt, ...) DVC_PRINTF(2, 3);

#endif
