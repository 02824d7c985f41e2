@0x959e2d42ed446ad7;
# What a plugin's author says about types and settings beyond what Cap'n Proto itself can say.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("cairn::wire");

annotation type @0xde172b88825a8653 (struct) :Text;
# Makes a struct a type of the mapper graph, under this name, e.g. $Cairn.type("oci.Image"). The name is what
# people read; the struct's 64-bit id is its identity. The part before the dot is the plugin's own name, or one of the
# shared namespaces "cairn", "oci" and "docker".

annotation hostLocal @0xedf12857d1720484 (struct) :Void;
# A value of this type means something only on the host that made it: it names a path or a local daemon's image.
# Using it on another host is an error of the plan.

annotation doc @0x8d2e0b12c4d47430 (struct, field, enumerant, enum) :Text;
# One or two sentences for the settings reference, for `cairn plugin show` and for completion in an editor.

annotation required @0x9ee06d8b3423aa91 (field) :Void;
# The setting must be written in the file; leaving it out is an error with the field's name.

annotation secret @0x9c578ed19288aafd (field) :Void;
# The value is masked in events, logs and plans, and is never written to the store.

annotation mayHoldSecret @0xb0d4e7f2cd8b779b (field) :Void;
# A secret variable may be a part of this setting: the plugin neither shows it nor puts it into a value. What holds one is
# masked and never written to the store, as with `secret`; what holds none is recorded. All other settings refuse a secret.

annotation map @0xd273c8ea62be2efc (field) :Void;
# On a List of a struct with the fields `name` (or `key`) and `value`: written in cairn.toml as a table, one key an entry.

annotation duration @0x838c1d86e9a09a51 (field) :Void;
# On an integer field, named with its unit (…Ms, …Seconds): written in cairn.toml as "1m30s", "500ms", or as a plain
# number of that unit. The setting's name in the file is the field's without the unit: drainTimeoutMs is `drain_timeout`.

annotation bytes @0xb1a3f1d2c4e59607 (field) :Void;
# On an integer field: a size, written as "512MiB", "2GB" or a plain number of bytes. A suffix …Bytes is left out in the file.

annotation path @0xc9f27d0cf3b1a2e4 (field) :Void;
# On a Text field: a path relative to the app's `path`; it is made absolute and must not leave the project's folder
# unless it was written absolute.

annotation json @0xd41bb0a6ce7c9f13 (field) :Void;
# On a Text field: any TOML value may be written here; the plugin gets it as JSON.

annotation deprecated @0xe7a4a8f0be0b7a55 (field) :Text;
# Still understood; its use gives a warning with this text, which says what to write instead.
