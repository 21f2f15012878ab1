/* Must fail: a frame that lets this pass lets every leak pass. */
#include "base/check.h"

#include "dvc_test.h"

DVC_TEST(frame, planted_leak)
{
    char *lost = dvc_strdup("lost");

    DVC_EQ_STR(lost, "lost");
}
