#include "courier/printer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>

#include "dvc_test.h"
#include "papers/sheet.h"

#define JOB                                                                                        \
    SLICE_LIT("{\"form\": \"refusal\", \"code\": \"H24-1\", \"reason\": \"Không đủ điều kiện\"}")

struct desk {
    struct loop *loop;
    struct printer *printer;
    int result, answers;
    bool pdf;
};

static struct desk open_desk(int64_t timeout_us, int prints)
{
    struct desk desk = {.loop = loop_new()};
    struct printer_options options = {"printer/test", timeout_us, prints};

    desk.printer = printer_new(desk.loop, &options);
    return desk;
}

static void close_desk(struct desk *desk)
{
    printer_free(desk->printer);
    loop_free(desk->loop);
}

static void answered(void *ctx, int result, struct slice pdf)
{
    struct desk *desk = ctx;

    desk->result = result;
    desk->pdf = slice_starts(pdf, "%PDF-");
    desk->answers++;
    loop_stop(desk->loop);
}

static int print(struct desk *desk, struct slice job)
{
    printer_print(desk->printer, job, answered, desk);
    cr_assert(loop_run(desk->loop) == 0);
    return desk->result;
}

/* Our only child. */
static pid_t child(void)
{
    FILE *file = fopen("/proc/thread-self/children", "r");
    int pid = 0;

    cr_assert(file != NULL);
    if (fscanf(file, "%d", &pid) != 1)
        pid = 0;
    fclose(file);
    return pid;
}

DVC_TEST(printer, prints_one_after_the_other)
{
    struct desk desk = open_desk(20 * US_PER_SECOND, 2);
    pid_t first;

    DVC_EQ_INT(print(&desk, JOB), 0);
    cr_assert(desk.pdf);
    first = child();
    cr_assert(first > 0);
    DVC_EQ_INT(print(&desk, JOB), 0);
    DVC_EQ_INT(child(), 0); /* it has printed enough, and was reaped */
    DVC_EQ_INT(print(&desk, JOB), 0);
    cr_assert(desk.pdf && child() > 0 && child() != first);
    close_desk(&desk);
    DVC_EQ_INT(child(), 0);
}

DVC_TEST(printer, a_wrong_job_is_told_and_costs_nothing)
{
    struct desk desk = open_desk(20 * US_PER_SECOND, 10);
    pid_t first;

    DVC_EQ_INT(print(&desk, SLICE_LIT("no JSON")), PAPERS_E_JOB);
    first = child();
    DVC_EQ_INT(print(&desk, JOB), 0);
    DVC_EQ_INT(child(), first);
    close_desk(&desk);
}

struct killing {
    struct desk *desk;
    int signal;
};

static void kill_child(void *ctx)
{
    const struct killing *killing = ctx;

    cr_assert(kill(child(), killing->signal) == 0);
}

DVC_TEST(printer, one_that_dies_over_a_form_is_replaced)
{
    struct desk desk = open_desk(20 * US_PER_SECOND, 10);
    struct killing killing = {&desk, SIGKILL};
    struct loop_timer *timer = loop_timer_new(desk.loop, kill_child, &killing);

    DVC_EQ_INT(print(&desk, JOB), 0);
    cr_assert(kill(child(), SIGSTOP) == 0); /* so that it surely has the form when it dies */
    loop_timer_start(timer, 20000);
    DVC_EQ_INT(print(&desk, JOB), -EPIPE);
    DVC_EQ_INT(print(&desk, JOB), 0);
    DVC_EQ_INT(desk.answers, 3);
    loop_timer_free(timer);
    close_desk(&desk);
}

DVC_TEST(printer, one_that_hangs_is_replaced)
{
    struct desk desk = open_desk(2500000, 10); /* room for a busy machine to print one */

    DVC_EQ_INT(print(&desk, JOB), 0);
    cr_assert(kill(child(), SIGSTOP) == 0);
    DVC_EQ_INT(print(&desk, JOB), -ETIMEDOUT);
    DVC_EQ_INT(print(&desk, JOB), 0);
    close_desk(&desk);
}
