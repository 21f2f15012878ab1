/* import_papers.h - the papers of an imported plugin, with their counts and the cases they belong
 * to. */
#ifndef DVC_CTL_IMPORT_PAPERS_H
#define DVC_CTL_IMPORT_PAPERS_H

#include "ctl/importing.h"

void import_papers(struct importing *im);

#endif
