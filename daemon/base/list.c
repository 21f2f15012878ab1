#include "base/list.h"

/* All of it is inline in the header; this file makes sure that the header stands on its own. */
