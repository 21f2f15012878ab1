#include "core/notice.h"

#include "base/check.h"

#include <stddef.h>

static const char *const words[] = {"notified",           "draft_ready",  "both_invited",
                                    "duties_notified",    "result_ready", "payment_requested",
                                    "applicant_answered", "resubmitted",  "opinion_answered"};

const char *notice_word(int index)
{
    return index >= 0 && (unsigned)index < DVC_COUNT(words) ? words[index] : NULL;
}
