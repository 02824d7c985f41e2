#pragma once
// What the functions do. For functions.cc only; each is told about there.

#include "host/project/functions.h"

namespace cairn::host::function_bodies {

using Answer = Result<Datum, std::string>;

// function_text.cc
Answer base64Decode(const Arguments& arguments, const Scope& scope);
Answer base64Encode(const Arguments& arguments, const Scope& scope);
Answer format(const Arguments& arguments, const Scope& scope);
Answer join(const Arguments& arguments, const Scope& scope);
Answer jsonDecode(const Arguments& arguments, const Scope& scope);
Answer jsonEncode(const Arguments& arguments, const Scope& scope);
Answer lower(const Arguments& arguments, const Scope& scope);
Answer replace(const Arguments& arguments, const Scope& scope);
Answer sha256Of(const Arguments& arguments, const Scope& scope);
Answer split(const Arguments& arguments, const Scope& scope);
Answer substr(const Arguments& arguments, const Scope& scope);
Answer toNumber(const Arguments& arguments, const Scope& scope);
Answer toText(const Arguments& arguments, const Scope& scope);
Answer trim(const Arguments& arguments, const Scope& scope);
Answer upper(const Arguments& arguments, const Scope& scope);

// function_collection.cc
Answer concat(const Arguments& arguments, const Scope& scope);
Answer contains(const Arguments& arguments, const Scope& scope);
Answer equal(const Arguments& arguments, const Scope& scope);
Answer keys(const Arguments& arguments, const Scope& scope);
Answer length(const Arguments& arguments, const Scope& scope);
Answer lookup(const Arguments& arguments, const Scope& scope);
Answer merge(const Arguments& arguments, const Scope& scope);
Answer negate(const Arguments& arguments, const Scope& scope);
Answer values(const Arguments& arguments, const Scope& scope);

// function_file.cc
Answer absPath(const Arguments& arguments, const Scope& scope);
Answer baseName(const Arguments& arguments, const Scope& scope);
Answer dirName(const Arguments& arguments, const Scope& scope);

}  // namespace cairn::host::function_bodies
