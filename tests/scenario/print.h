/* print.h - prints of memory: what has the same one is the same. */
#ifndef DVC_SCENARIO_PRINT_H
#define DVC_SCENARIO_PRINT_H

#include "core/workflow.h"

uint64_t print_of_dossier(const struct dossier *dossier); /* every byte of it */
uint64_t print_of_effects(const struct outcome *outcome); /* all that a change does */

#endif
