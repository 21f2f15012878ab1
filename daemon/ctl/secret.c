#include "ctl/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/utf8.h"
#include "service/password_rule.h"

#define LINE_SIZE 1024

/* The first line without its end. */
static int read_line(FILE *from, char line[LINE_SIZE])
{
    if (fgets(line, LINE_SIZE, from) == NULL)
        return -EIO;
    line[strcspn(line, "\r\n")] = '\0';
    return 0;
}

static int ask(FILE *terminal, const char *question, char line[LINE_SIZE])
{
    struct termios before, quiet;
    int r;

    if (tcgetattr(fileno(terminal), &before) != 0)
        return -errno;
    fputs(question, terminal);
    fflush(terminal);
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(fileno(terminal), TCSAFLUSH, &quiet) != 0)
        return -errno;
    r = read_line(terminal, line);
    (void)tcsetattr(fileno(terminal), TCSAFLUSH, &before);
    fputc('\n', terminal);
    return r;
}

static int ask_twice(char line[LINE_SIZE])
{
    FILE *terminal = fopen("/dev/tty", "r+e");
    char again[LINE_SIZE] = "";
    int r = terminal != NULL ? ask(terminal, "Mật khẩu: ", line) : -errno;

    if (r == 0)
        r = ask(terminal, "Nhập lại mật khẩu: ", again);
    if (r == 0 && strcmp(line, again) != 0) {
        ctl_error("hai lần nhập không giống nhau");
        r = 1;
    }
    explicit_bzero(again, sizeof(again));
    if (terminal != NULL)
        fclose(terminal);
    return r;
}

static int read_file(const char *path, char line[LINE_SIZE])
{
    FILE *file = fopen(path, "re");
    int r = file != NULL ? read_line(file, line) : -errno;

    if (file != NULL)
        fclose(file);
    return r;
}

int secret_read(struct arena *arena, const char *file, const char *username, struct slice *ret)
{
    const struct password_fault *fault;
    char line[LINE_SIZE] = "";
    struct slice text;
    int r;

    if (file != NULL)
        r = read_file(file, line);
    else if (isatty(STDIN_FILENO))
        r = ask_twice(line);
    else
        r = read_line(stdin, line);
    if (r < 0)
        ctl_error("%s: %s", file != NULL ? file : "mật khẩu", strerror(-r));
    if (r != 0)
        return CTL_FAILED;
    r = utf8_nfc(arena, slice_str(line), &text);
    explicit_bzero(line, sizeof(line));
    fault = r == 0 ? password_check(arena, text, username) : NULL;
    if (r != 0 || fault != NULL) {
        ctl_error("%s", fault != NULL ? fault->message : "Mật khẩu có ký tự không hợp lệ.");
        return CTL_FAILED;
    }
    *ret = text;
    return 0;
}

int secret_hash(struct ctl *ctl, struct slice password, char ret[PASSWORD_HASH_SIZE])
{
    struct password_cost cost = {(uint32_t)ctl->settings->workers.auth_memory_kib,
                                 (uint32_t)ctl->settings->workers.auth_passes};

    if (password_hash(&cost, password, ret) == 0)
        return 0;
    ctl_error("the password cannot be hashed with workers.auth_memory_kib and auth_passes");
    return CTL_FAILED;
}
