#include "ctl/csv.h"

#include "dvc_test.h"

#include <errno.h>

static struct arena *arena;
static struct csv csv;
static struct csv_row row;

static void begin(const char *text)
{
    arena = arena_new();
    DVC_EQ_INT(csv_open(&csv, arena, slice_str(text)), 0);
}

static void end(void)
{
    DVC_EQ_INT(csv_next(&csv, &row), 0);
    arena = arena_free(arena);
}

DVC_TEST(csv, plain_with_mark_and_crlf)
{
    begin("\xef\xbb\xbfusername,name\r\nan1,  Nguyễn An \r\n\r\n,\r\n");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_SLICE(row.fields[0], "username");
    DVC_EQ_SLICE(row.fields[1], "name");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.line, 2);
    DVC_EQ_INT(row.count, 2);
    DVC_EQ_SLICE(row.fields[1], "Nguyễn An");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.line, 4);
    DVC_EQ_INT(row.count, 2);
    DVC_EQ_SLICE(row.fields[1], "");
    end();
}

DVC_TEST(csv, quotes_hold_separators_lines_and_quotes)
{
    begin("a,b\n\"x,\"\"y\"\"\",\"hai\ndòng\"\nz,\"\"\n");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_SLICE(row.fields[0], "x,\"y\"");
    DVC_EQ_SLICE(row.fields[1], "hai\ndòng");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.line, 4);
    DVC_EQ_SLICE(row.fields[1], "");
    end();
}

DVC_TEST(csv, the_head_says_the_separator)
{
    begin("a;b\n1,5;2\n");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.count, 2);
    DVC_EQ_SLICE(row.fields[0], "1,5");
    end();
    begin("a\tb\tc\n1\t2,\t3");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.count, 3);
    DVC_EQ_SLICE(row.fields[2], "3");
    end();
}

DVC_TEST(csv, a_bad_quote_costs_its_line_only)
{
    begin("a,b\n1,x\"y\n\"q\"z,2\n3,4\n");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(csv_next(&csv, &row), -EINVAL);
    DVC_EQ_INT(row.line, 2);
    cr_assert(csv.fault != NULL);
    DVC_EQ_INT(csv_next(&csv, &row), -EINVAL);
    DVC_EQ_INT(row.line, 3);
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.line, 4);
    end();
}

DVC_TEST(csv, a_quote_that_never_ends)
{
    begin("a,b\n\"x,1\n2,3\n");
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(csv_next(&csv, &row), -EINVAL);
    DVC_EQ_INT(row.line, 2);
    DVC_EQ_INT(csv_next(&csv, &row), 1);
    DVC_EQ_INT(row.line, 3);
    end();
}

DVC_TEST(csv, other_encodings_are_refused)
{
    struct csv other;

    arena = arena_new();
    DVC_EQ_INT(csv_open(&other, arena, SLICE_LIT("t\xean\n")), -EINVAL);
    arena = arena_free(arena);
}
