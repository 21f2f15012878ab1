#include "conf/forms.h"

#include "conf_fixture.h"
#include "dvc_test.h"

#include <stdlib.h>
#include <unistd.h>

static struct form_editions *shipped(struct arena *arena)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct form_editions *editions = NULL;

    cr_assert(forms_load(arena, fixture_path(arena, "config/forms.yaml"), "forms.yaml", &errors,
                         &editions) == 0);
    return editions;
}

/* TT 03/2025/TT-VPCP counts from 05 up anew: the day decides. */
DVC_TEST(conf_forms, a_form_bears_the_number_of_its_day)
{
    struct arena *arena = arena_new();
    struct form_editions *editions = shipped(arena);
    struct form_label label = forms_label(editions, FORM_CONTROL_SLIP, day_from_ymd(2025, 7, 1));

    DVC_EQ_STR(label.mark, "Mẫu số 06");
    DVC_EQ_STR(label.circular, "03/2025/TT-VPCP");
    label = forms_label(editions, FORM_CONTROL_SLIP, day_from_ymd(2025, 6, 30));
    DVC_EQ_STR(label.mark, "Mẫu số 05");
    DVC_EQ_STR(label.circular, "01/2018/TT-VPCP");
    DVC_EQ_STR(forms_label(editions, FORM_APOLOGY, day_from_ymd(2025, 6, 30)).title,
               "Phiếu xin lỗi và hẹn lại ngày trả kết quả");
    arena_free(arena);
}

/* What a circular does not know is still called something, and claims no number. */
DVC_TEST(conf_forms, a_form_without_a_circular_has_no_number)
{
    struct arena *arena = arena_new();
    struct form_label label =
        forms_label(shipped(arena), FORM_STOP_NOTICE, day_from_ymd(2025, 6, 30));

    cr_assert(label.mark == NULL && label.circular == NULL);
    DVC_EQ_STR(label.title, "Thông báo dừng giải quyết hồ sơ");
    cr_assert(forms_label(NULL, FORM_RECEIPT, day_from_ymd(2025, 7, 1)).title == NULL);
    arena_free(arena);
}

DVC_TEST(conf_forms, faults_are_told_with_their_place)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct form_editions *editions = NULL;
    char path[] = "/tmp/dvc-forms-XXXXXX";
    int fd = mkstemp(path);
    static const char text[] = "editions:\n"
                               "  - circular: \"9/2030\"\n"
                               "    from: 2030-02-01\n"
                               "    to: 2030-01-01\n"
                               "    forms:\n"
                               "      passport: {mark: \"Mẫu số 01\", title: \"x\"}\n";
    struct buf told = BUF_INIT(4000);

    cr_assert(fd >= 0 && write(fd, text, sizeof(text) - 1) == (ssize_t)(sizeof(text) - 1));
    close(fd);
    DVC_EQ_INT(forms_load(arena, path, "forms.yaml", &errors, &editions), CONF_E_BAD);
    unlink(path);
    conf_errors_write(&told, &errors);
    cr_assert(strstr(told.ptr, "forms.yaml:4:") != NULL, "%s", told.ptr);
    cr_assert(strstr(told.ptr, "không có mẫu giấy tờ \"passport\"") != NULL, "%s", told.ptr);
    buf_release(&told);
    arena_free(arena);
}
