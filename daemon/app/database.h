/* database.h - the database as a service of its own: its own user, its own unit, so that whoever
 * gets hold of a worker still cannot touch the files or the schema. */
#ifndef DVC_APP_DATABASE_H
#define DVC_APP_DATABASE_H

#include "app/startup.h"

/* Makes the cluster under options->data where there is none, starts it, makes roles, brings the
 * schema to this program's version, tells systemd that it is ready, and stays until SIGTERM or
 * SIGINT, which end the database by a clean fast shutdown. Gives the exit status: 0, 100, or 101
 * when the database does not start or ends by itself. */
int database_serve(const struct startup_options *options);

#endif
