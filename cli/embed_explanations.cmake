# cmake -DFOLDER=… -DOUT=… -P: writes a C++ table of all *.md files of FOLDER, by name.
file(GLOB files ${FOLDER}/*.md)
list(SORT files)
set(entries "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WLE)
  file(READ ${file} text)
  string(APPEND entries "      {\"${name}\", R\"~~~(${text})~~~\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"cli/explanations.h\"

namespace cairn::cli {

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> table = {
${entries}  };
  return table;
}

}  // namespace cairn::cli
")
