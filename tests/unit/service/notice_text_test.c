#include "service/notice_text.h"

#include <string.h>

#include "core/notice.h"
#include "dvc_test.h"

/* What a plugin may send has a title of its own; only "notified" is news of no special kind. */
DVC_TEST(notice_text, whatever_a_plugin_may_send_has_its_words)
{
    const char *general = notice_title("no such notice");
    int words = 0;

    for (; notice_word(words) != NULL; words++)
        cr_expect((strcmp(notice_title(notice_word(words)), general) == 0) == (words == 0),
                  "%s: %s", notice_word(words), notice_title(notice_word(words)));
    cr_expect(words > 5);
    DVC_EQ_STR(notice_word(0), "notified");
}
