/* machine.h - the checks of dvcctl doctor that no database shows: files, disks, certificates,
 * fonts, the scanner, and what in dvcd.yaml is not for the open. */
#ifndef DVC_CTL_MACHINE_H
#define DVC_CTL_MACHINE_H

#include "ctl/ctl.h"
#include "service/health.h"

/* All of them; ctl_configuration was called. `now` is the database's clock, or WALL_NONE. */
void machine_judge(struct health *health, const struct ctl *ctl, wall_t now);

#endif
