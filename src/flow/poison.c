/* poison.c - see poison.h.
 *
 * (I1) A slot belongs to one thread from the exchange of `used` to poison_leave.
 * (I2) `known` does not change after poison_open. */
#include "poison.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"

#define SLOTS 64
#define DIGEST_CHARS 64
#define KNOWN_BYTES_MAX (1024 * 1024)

typedef struct {
    atomic_int used;
    char digest[DIGEST_CHARS];
} Slot;

struct Poison {
    Slot *slots;
    GHashTable *known; /* digest -> how many daemons it killed */
};

static void know (Poison *poison, const char *digest)
{
    guint deaths = poison_deaths (poison, digest) + 1;
    g_hash_table_insert (poison->known, g_strdup (digest), GUINT_TO_POINTER (deaths));
}

static gboolean load_known (Poison *poison, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    if (!g_file_get_contents (path, &text, &len, error))
        return FALSE;
    if (len > KNOWN_BYTES_MAX)
        return error_fail (error, ERR_INTERNAL, "%s: too large; move it away", path);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (strlen (*line) == DIGEST_CHARS)
            know (poison, *line);
    return TRUE;
}

static gboolean append_line (const char *path, const char *line, GError **error)
{
    int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    g_autofree char *text = g_strdup_printf ("%s\n", line);
    gboolean ok =
        fd >= 0 && write (fd, text, strlen (text)) == (ssize_t)strlen (text) && fdatasync (fd) == 0;
    int why = errno;
    if (fd >= 0)
        close (fd);
    return ok || error_fail (error, ERR_INTERNAL, "%s: %s", path, g_strerror (why));
}

static gboolean map_slots (Poison *poison, const char *path, GError **error)
{
    int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_fail (error, ERR_INTERNAL, "%s: %s", path, g_strerror (errno));
    gsize size = SLOTS * sizeof (Slot);
    gpointer address = MAP_FAILED;
    if (posix_fallocate (fd, 0, (off_t)size) == 0)
        address = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close (fd);
    if (address == MAP_FAILED)
        return error_fail (error, ERR_INTERNAL, "%s: cannot be mapped", path);
    poison->slots = address;
    return TRUE;
}

/* What was under way when the last daemon died becomes known poison. */
static gboolean collect_slots (Poison *poison, const char *known_path, GError **error)
{
    for (guint i = 0; i < SLOTS; i++) {
        Slot *slot = &poison->slots[i];
        g_autofree char *digest = g_strndup (slot->digest, DIGEST_CHARS);
        if (atomic_load (&slot->used) && strspn (digest, "0123456789abcdef") == DIGEST_CHARS) {
            if (!append_line (known_path, digest, error))
                return FALSE;
            know (poison, digest);
        }
        atomic_store (&slot->used, 0);
    }
    return TRUE;
}

Poison *poison_open (const char *directory, GError **error)
{
    g_autoptr (Poison) poison = g_new0 (Poison, 1);
    poison->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *known_path = g_build_filename (directory, "poison", NULL);
    g_autofree char *slots_path = g_build_filename (directory, "parsing", NULL);
    if (!load_known (poison, known_path, error) || !map_slots (poison, slots_path, error) ||
        !collect_slots (poison, known_path, error))
        return NULL;
    return g_steal_pointer (&poison);
}

void poison_close (Poison *poison)
{
    if (poison == NULL)
        return;
    if (poison->slots != NULL)
        munmap (poison->slots, SLOTS * sizeof (Slot));
    g_hash_table_unref (poison->known);
    g_free (poison);
}

guint poison_deaths (const Poison *poison, const char *digest)
{
    return poison != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (poison->known, digest)) : 0;
}

gboolean poison_is_known (const Poison *poison, const char *digest)
{
    return poison_deaths (poison, digest) > 0;
}

int poison_enter (Poison *poison, const char *digest)
{
    for (int i = 0; poison != NULL && i < SLOTS; i++) {
        Slot *slot = &poison->slots[i];
        int expected = 0;
        /* 2 = being filled: a crash in between must not leave half a digest. */
        if (!atomic_compare_exchange_strong (&slot->used, &expected, 2))
            continue;
        memcpy (slot->digest, digest, DIGEST_CHARS);
        atomic_store (&slot->used, 1);
        return i;
    }
    return -1;
}

void poison_leave (Poison *poison, int slot)
{
    if (slot >= 0)
        atomic_store (&poison->slots[slot].used, 0);
}
