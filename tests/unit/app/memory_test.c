#include "app/memory.h"

#include "dvc_test.h"

#include <sys/mman.h>

DVC_TEST(app_memory, private_pages_are_both_kinds)
{
    DVC_EQ_INT(memory_private_in(SLICE_LIT("00400000-7ffe00 ---p 00000000 00:00 0 [rollup]\n"
                                           "Rss:                4000 kB\n"
                                           "Shared_Dirty:        500 kB\n"
                                           "Private_Clean:       120 kB\n"
                                           "Private_Dirty:      3003 kB\n"
                                           "Swap:                  0 kB\n")),
               3123);
    cr_assert(memory_private_in(SLICE_LIT("Private_Clean:       120 kB\n")) < 0);
    cr_assert(memory_private_in(SLICE_LIT("")) < 0);
}

DVC_TEST(app_memory, what_a_process_takes_is_seen_and_what_it_gives_back)
{
    size_t size = 32u << 20;
    int64_t before = memory_private_kib(), with;
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    cr_assert(before > 0 && block != MAP_FAILED);
    memset(block, 1, size);
    with = memory_private_kib();
    cr_assert(with - before >= 32 * 1024 - 256 && with - before < 40 * 1024);
    munmap(block, size);
    cr_assert(memory_private_kib() < with - 24 * 1024);
}
