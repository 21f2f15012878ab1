#include <stdlib.h>
#include <unistd.h>

#include "dvc_test.h"
#include "papers/job.h"
#include "papers/printed.h"
#include "papers/sheet.h"

DVC_TEST(limits, code_of_a_receipt_opens_the_look_up)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20);

    print_job(sample(arena, "receipt"), &pdf);
    DVC_EQ_STR(said(arena, &pdf,
                    "pdftoppm -r 150 -png \"$PDF\" \"$PDF\" && "
                    "zbarimg -q --raw \"$PDF\"-*.png; rm -f \"$PDF\"-*.png"),
               "https://dichvucong.haiphong.gov.vn/#/lookup?code=H24.15.03-261122-0001"
               "&pin=04512624\n");
    buf_release(&pdf);
    arena_free(arena);
}

DVC_TEST(limits, same_values_same_bytes)
{
    struct arena *arena = arena_new();
    struct buf one = BUF_INIT(8u << 20), two = BUF_INIT(8u << 20);

    print_job(sample(arena, "receipt"), &one);
    print_job(sample(arena, "receipt"), &two);
    cr_assert(slice_eq(buf_slice(&one), buf_slice(&two)));
    buf_release(&one);
    buf_release(&two);
    arena_free(arena);
}

DVC_TEST(limits, properties_name_form_and_agency)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20);
    const char *info;
    static const char *const wanted[] = {
        "Title: Giấy tiếp nhận hồ sơ và hẹn trả kết quả - H24.15.03-261122-0001/TNHS-1",
        "Author: Uỷ ban nhân dân phường Hồng Bàng", "419.5"};

    print_job(sample(arena, "receipt"), &pdf);
    info = said(arena, &pdf, "pdfinfo \"$PDF\" | tr -s ' '");
    reads(info, wanted, DVC_COUNT(wanted));
    buf_release(&pdf);
    arena_free(arena);
}

/* A decomposed name comes out composed: who searches the document types composed letters. */
DVC_TEST(limits, decomposed_text_is_composed)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20);
    struct slice job = changed(arena, sample(arena, "receipt"), "\"Nguyễn Văn Minh\"",
                               "\"Nguye\xcc\x82\xcc\x83n Va\xcc\x86n Minh\"");
    static const char *const wanted[] = {"Tiếp nhận hồ sơ của: Nguyễn Văn Minh"};

    print_job(job, &pdf);
    reads(text_of(arena, &pdf), wanted, 1);
    buf_release(&pdf);
    arena_free(arena);
}

static struct slice with_papers(struct arena *arena, int count)
{
    struct slice job = sample(arena, "receipt");
    struct buf list = BUF_INIT(64u << 10);

    buf_adds(&list, "\"items\": [");
    for (int i = 0; i < count; i++)
        buf_addf(&list,
                 "{\"name\": \"Giấy tờ thứ %d của thành phần hồ sơ, gửi kèm theo tờ khai\", "
                 "\"originals\": 1}, ",
                 i + 1);
    job = changed(arena, job, "\"items\": [", list.ptr);
    buf_release(&list);
    return job;
}

DVC_TEST(limits, thirty_papers_flow_over_pages)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20);
    const char *text;

    print_job(with_papers(arena, 30), &pdf);
    text = text_of(arena, &pdf);
    for (int i = 1; i <= 30; i++)
        cr_assert(strstr(text, arena_printf(arena, "Giấy tờ thứ %d của", i)) != NULL, "paper %d",
                  i);
    cr_assert(pages_of(arena, &pdf) >= 2);
    cr_assert(strstr(text, "NGƯỜI TIẾP NHẬN HỒ SƠ") != NULL);
    buf_release(&pdf);
    arena_free(arena);
}

/* Names and reasons of any length are there to their last word, also one that has no blank. */
DVC_TEST(limits, nothing_is_cut)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20), reason = BUF_INIT(64u << 10);
    struct slice job = sample(arena, "refusal");
    const char *text;

    buf_adds(&reason, "\"reason\": \"");
    for (int i = 0; i < 400; i++)
        buf_addf(&reason, "lýdothứ%dhết việc từ chối; ", i);
    buf_adds(&reason, "hết lý do. ");
    job = changed(arena, job, "\"reason\": \"", reason.ptr);
    job = changed(
        arena, job, "Bùi Thị Ngọc Ánh",
        "Công ty trách nhiệm hữu hạn một thành viên đầu tư xây dựng thương mại dịch vụ xuất "
        "nhập khẩu và phát triển công nghệ cao Đông Nam Á "
        "DAYLAMOTTUKHONGCODAUCACHDAIHONMOTDONGINTRENKHOGIAYA5NAYNHIEUHONNHIEULAM cuối tên");
    print_job(job, &pdf);
    text = text_of(arena, &pdf);
    for (int i = 0; i < 400; i++)
        cr_assert(strstr(text, arena_printf(arena, "lýdothứ%dhết", i)) != NULL, "reason %d", i);
    cr_assert(strstr(text, "hết lý do.") != NULL && strstr(text, "cuối tên") != NULL);
    cr_assert(pages_of(arena, &pdf) >= 4);
    buf_release(&pdf);
    buf_release(&reason);
    arena_free(arena);
}

/* A cell higher than a page is broken inside, not dropped. */
DVC_TEST(limits, a_row_higher_than_a_page)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(8u << 20), name = BUF_INIT(64u << 10);
    const char *text;

    for (int i = 0; i < 300; i++)
        buf_addf(&name, "mục%d ", i);
    print_job(changed(arena, sample(arena, "receipt"), "Ảnh chân dung", name.ptr), &pdf);
    text = text_of(arena, &pdf);
    for (int i = 0; i < 300; i++)
        cr_assert(strstr(text, arena_printf(arena, "mục%d ", i)) != NULL, "word %d", i);
    buf_release(&pdf);
    buf_release(&name);
    arena_free(arena);
}

/* The head of the register stands on every page, and the pages are numbered from the second on. */
DVC_TEST(limits, register_of_many_pages)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(32u << 20), rows = BUF_INIT(4u << 20);
    struct slice job = sample(arena, "register");
    const char *text;
    size_t heads = 0;
    int pages;

    buf_adds(&rows, "\"rows\": [");
    for (int i = 0; i < 200; i++)
        buf_addf(&rows,
                 "{\"code\": \"H24.15.03-261122-%04d\", \"procedure\": \"Đăng ký khai sinh\", "
                 "\"sets\": 1, \"owner\": \"Phạm Thị Người Thứ %d\", \"agency\": \"UBND\"}, ",
                 i + 2, i + 2);
    print_job(changed(arena, job, "\"rows\": [", rows.ptr), &pdf);
    text = text_of(arena, &pdf);
    pages = pages_of(arena, &pdf);
    cr_assert(pages > 5, "%d", pages);
    for (const char *at = text; (at = strstr(at, "Phương thức")) != NULL; at++)
        heads++;
    DVC_EQ_INT(heads, pages);
    cr_assert(strstr(text, "Tổng số: 201 hồ sơ.") != NULL);
    buf_release(&pdf);
    buf_release(&rows);
    arena_free(arena);
}

DVC_TEST(limits, what_is_no_job_is_refused)
{
    struct buf pdf = BUF_INIT(1u << 20);

    DVC_EQ_INT(job_print(SLICE_LIT("{\"form\": \"passport\"}"), &pdf), PAPERS_E_JOB);
    DVC_EQ_INT(job_print(SLICE_LIT("not JSON"), &pdf), PAPERS_E_JOB);
    DVC_EQ_INT(job_print(SLICE_LIT("{\"form\": \"register\", \"from\": \"x\"}"), &pdf),
               PAPERS_E_JOB);
    buf_release(&pdf);
}

/* An empty job leaves blanks to write on; it must not end the process. */
DVC_TEST(limits, every_value_may_be_missing)
{
    static const char *const forms[] = {"receipt",     "supplement_request", "refusal", "apology",
                                        "stop_notice", "control_slip",       "handover"};
    struct arena *arena = arena_new();

    for (size_t i = 0; i < DVC_COUNT(forms); i++) {
        struct buf pdf = BUF_INIT(1u << 20);

        print_job(slice_str(arena_printf(arena, "{\"form\": \"%s\"}", forms[i])), &pdf);
        buf_release(&pdf);
    }
    arena_free(arena);
}

DVC_TEST(limits, a_document_too_large_is_told)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(2000);

    DVC_EQ_INT(job_print(sample(arena, "receipt"), &pdf), PAPERS_E_LARGE);
    buf_release(&pdf);
    arena_free(arena);
}

/* What the daemon says of its fonts when it starts: the face, and that it has the letters. */
DVC_TEST(limits, the_face_is_named)
{
    struct buf said_ = BUF_INIT(1000);

    DVC_EQ_INT(job_print(SLICE_LIT("{\"form\": \"fonts\"}"), &said_), 0);
    cr_assert(said_.len > 3, "%s", said_.ptr);
    buf_release(&said_);
}

/* A machine without a font: told, and nothing is drawn. */
DVC_TEST(limits, no_font_is_told)
{
    struct arena *arena = arena_new();
    struct buf pdf = BUF_INIT(1u << 20);
    char path[] = "/tmp/unit_papers_fonts_XXXXXX";
    static const char empty[] = "<fontconfig></fontconfig>";
    int fd = mkstemp(path);

    cr_assert(fd >= 0 && write(fd, empty, sizeof(empty) - 1) == (ssize_t)(sizeof(empty) - 1));
    close(fd);
    setenv("FONTCONFIG_FILE", path, 1); /* each test is a process of its own */
    DVC_EQ_INT(job_print(sample(arena, "receipt"), &pdf), PAPERS_E_FONT);
    DVC_EQ_INT(pdf.len, 0);
    unlink(path);
    buf_release(&pdf);
    arena_free(arena);
}
