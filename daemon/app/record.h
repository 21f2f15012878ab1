/* record.h - what was found in the configuration goes into the database, where dvcctl doctor and
 * the administrator's page read it. */
#ifndef DVC_APP_RECORD_H
#define DVC_APP_RECORD_H

#include "app/startup.h"

/* `cause`: "start" or "reload". `conflict` and `older` as in struct startup. Blocks for as long as
 * a connection may take; what fails is only logged. */
void record_reading(const struct startup *startup, struct generation *generation, const char *cause,
                    bool served);

#endif
