// In Debian's libarchive.a this function, which the tar writer calls for a file of a kind that tar can't
// hold, stands in the same object as the table of all formats; taking it from there would link every writer,
// and with them libxml2 and ICU. It says what that one says.

#include <archive.h>

extern "C" void __archive_write_entry_filetype_unsupported(struct archive* out, struct archive_entry*,
                                                           const char* format) {
  archive_set_error(out, -1, "%s can't hold this kind of file", format);
}
