/* import_fees.h - the fees of an imported plugin: one with an amount a channel for all that are the
 * same; what is no amount is put aside. */
#ifndef DVC_CTL_IMPORT_FEES_H
#define DVC_CTL_IMPORT_FEES_H

#include "ctl/importing.h"

void import_fees(struct importing *im);

#endif
