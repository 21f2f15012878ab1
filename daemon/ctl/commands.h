/* commands.h - the functions of main.c's table, see ctl_command.run. */
#ifndef DVC_CTL_COMMANDS_H
#define DVC_CTL_COMMANDS_H

#include "ctl/ctl.h"

int ctl_account(struct ctl *ctl, int argc, char **argv);
int ctl_agency(struct ctl *ctl, int argc, char **argv);
int ctl_backup(struct ctl *ctl, int argc, char **argv);
int ctl_outbox(struct ctl *ctl, int argc, char **argv);
int ctl_doctor(struct ctl *ctl, int argc, char **argv);
int ctl_plugin(struct ctl *ctl, int argc, char **argv);
int ctl_reload(struct ctl *ctl, int argc, char **argv);
int ctl_restore(struct ctl *ctl, int argc, char **argv);
int ctl_verify(struct ctl *ctl, int argc, char **argv);

#endif
