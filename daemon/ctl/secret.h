/* secret.h - passwords on their way in: from the terminal without echo, a file, or standard input;
 * never from the command line, which every user of the machine can read. */
#ifndef DVC_CTL_SECRET_H
#define DVC_CTL_SECRET_H

#include "base/arena.h"
#include "base/password.h"
#include "ctl/ctl.h"

/* `file` NULL: asks twice at a terminal, else reads the first line of standard input. In NFC and
 * good enough (service/password_rule.h) for `username`. 0 or an exit status, printed. */
int secret_read(struct arena *arena, const char *file, const char *username, struct slice *ret);
/* A hash at the cost that dvcd.yaml names. */
int secret_hash(struct ctl *ctl, struct slice password, char ret[PASSWORD_HASH_SIZE]);

#endif
