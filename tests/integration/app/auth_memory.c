/* auth_memory - what passwords and hashes leave in the auth helper's memory: nothing. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/memory.h"
#include "authbed.h"
#include "base/hash.h"
#include "tap.h"

static unsigned long hexadecimal(const char *text)
{
    static const char digits[] = "0123456789abcdef";
    unsigned long number = 0;

    for (const char *at; *text != '\0' && (at = strchr(digits, *text)) != NULL; text++)
        number = number * 16 + (unsigned long)(at - digits);
    return number;
}

/* Whether `text` stands anywhere in the memory that the process can write. -1: cannot be read. */
static int memory_holds(pid_t pid, const char *text)
{
    static char block[1 << 20];
    char path[64], line[512];
    unsigned long from, to;
    int found = 0, memory;
    FILE *maps;

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    memory = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    maps = fopen(path, "re");
    if (memory < 0 || maps == NULL)
        return -1;
    while (found == 0 && fgets(line, sizeof(line), maps) != NULL) {
        char *dash = strchr(line, '-'), *blank = strchr(line, ' ');

        if (dash == NULL || blank == NULL || blank[2] != 'w')
            continue;
        from = hexadecimal(line);
        to = hexadecimal(dash + 1);
        if (to - from > 1UL << 30) /* a sanitizer's shadow, not memory of the program's */
            continue;
        for (; from < to && found == 0; from += sizeof(block) - 256) {
            ssize_t len = pread(memory, block, sizeof(block), (off_t)from);

            if (len > 0 && memmem(block, (size_t)len, text, strlen(text)) != NULL)
                found = 1;
        }
    }
    fclose(maps);
    close(memory);
    return found;
}

static void test_wiped(void)
{
    struct authbed bed;
    struct authclient *client;
    struct buf password = BUF_INIT(100);
    uint8_t random[24];
    char hash[AUTH_HASH_SIZE];
    int held;

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    random_bytes(random, sizeof(random)); /* after the fork: not in the memory it began with */
    buf_add_hex(&password, random, sizeof(random));
    authbed_hash(&bed, client, password.ptr, hash);
    CHECK_SAY(authbed_verify(&bed, client, password.ptr, hash) == AUTH_ANSWER_OK,
              "a secret password");
    held = memory_holds(bed.pid, password.ptr);
    if (held < 0)
        CHECK_SAY(true, "the helper's memory cannot be read here # SKIP no right to");
    else
        CHECK_SAY(held == 0, "is nowhere in the helper's memory afterwards");
    buf_release(&password);
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

/* KiB that only that process has; negative: cannot be read. */
static int64_t private_kib(pid_t pid)
{
    char path[64], text[4096];
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return -1;
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    return memory_private_in((struct slice){text, len});
}

/* What one hash takes goes back to the system, not into a heap that stays. */
static void test_memory(void)
{
    struct authbed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE];
    int64_t kib;

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_hash(&bed, client, "mật khẩu thứ nhất", hash);
    for (int i = 0; i < 3; i++)
        (void)authbed_verify(&bed, client, "mật khẩu thứ nhất", hash);
    kib = private_kib(bed.pid);
#ifdef __SANITIZE_ADDRESS__
    kib = 0; /* its allocator keeps what was freed on purpose */
#endif
    CHECK_SAY(kib < 8 * 1024, "idle after four hashes: %lld KiB of its own", (long long)kib);
    authclient_free(client);
    CHECK_SAY(authbed_end(&bed, SIGTERM) == 0, "and ends well");
    authbed_clear(&bed);
}

/* A limit below what one hash leaves: it ends by itself, with what it had been asked answered. */
static void test_too_large(void)
{
    struct authbed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE] = "";
    int status = -1;

    authbed_make(&bed);
    bed.settings.memory_max_kib = 1;
    bed.settings.look_every_us = SECOND / 5;
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_hash(&bed, client, "mật khẩu", hash);
    CHECK(hash[0] == '$');
    for (int i = 0; i < 100 && waitpid(bed.pid, &status, WNOHANG) == 0; i++)
        usleep(50000);
    CHECK_SAY(WIFEXITED(status) && WEXITSTATUS(status) == 0, "one that is too large ends");
    authclient_free(client);
    authbed_clear(&bed);
}

int main(void)
{
    test_wiped();
    test_memory();
    test_too_large();
    return tap_end();
}
