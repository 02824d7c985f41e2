#pragma once
// Takes a folder as it is; packs it as an archive; unpacks archives.

#include <files/files.capnp.h>

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::files {

Result<Owned<wire::FilesDirectory>> build(const Call& call, wire::SourceTree::Reader source,
                                          BuilderSettings::Reader settings);
Result<Owned<wire::Archive>> push(const Call& call, wire::FilesDirectory::Reader files,
                                  RegistrySettings::Reader settings);
Result<void> checkRegistry(RegistrySettings::Reader settings, const UnknownSettings& unknown);
Result<Owned<wire::FilesDirectory>> directoryFromArchive(const Call& call, wire::Archive::Reader archive);

Plugin plugin();

}  // namespace cairn::plugins::files
