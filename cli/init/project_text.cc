#include "cli/init/project_text.h"

#include <cctype>

namespace cairn::cli {

namespace {

// A TOML string; "${" would begin an expression.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\\') out += '\\';
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') out += '$';
    out += text[i] == '\t' ? ' ' : text[i];
  }
  return out + "\"";
}

std::string quotedList(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

std::string dockerStages(const std::string& app) {
  return "[app." + app +
         ".build]\n"
         "use = \"docker\"                # builds the Dockerfile of the app's folder\n"
         "\n"
         "# Push the image, for platforms that pull it:\n"
         "# [app." +
         app +
         ".registry]\n"
         "# use = \"docker\"\n"
         "# image = \"registry.example.test/" +
         app +
         "\"\n"
         "# tag = \"${git.ref_pretty}\"\n"
         "\n"
         "[app." +
         app +
         ".deploy]\n"
         "use = \"docker\"                # runs it in the local engine; the app must listen on $PORT\n"
         "# port = 8080                  # or on this port, which PORT is then set to\n"
         "# env = { LOG_LEVEL = \"info\" }\n"
         "\n"
         "[app." +
         app +
         ".release]\n"
         "use = \"docker\"                # a stable address, switched between deployments\n"
         "# port = 8000                  # else a free one is chosen and kept\n";
}

std::string localStages(const DetectedApp& app, const std::string& name) {
  return "[app." + name +
         ".build]\n"
         "use = \"files\"                 # takes the app's folder as it is\n" +
         std::string(app.path == "."
                         ? "ignore = [\"/cairn.toml\"]      # but for this: a site would serve it; "
                           "more names in .cairnignore\n"
                         : "") +
         "\n"
         "[app." +
         name +
         ".deploy]\n"
         "use = \"local\"                 # runs it on this machine; it must listen on $PORT at 127.0.0.1\n"
         "command = " +
         quotedList(app.command) +
         "\n"
         "# env = { LOG_LEVEL = \"info\" }\n"
         "# probe = { path = \"/\" }       # ready when this answers; else when the port is open\n"
         "\n"
         "[app." +
         name +
         ".release]\n"
         "use = \"local\"                 # a stable address, switched between deployments\n"
         "# port = 8000                  # else a free one is chosen and kept\n";
}

}  // namespace

std::string nameFrom(const std::string& text) {
  std::string name;
  for (unsigned char c : text) {
    if (std::isalnum(c) && c < 0x80)
      name += static_cast<char>(std::tolower(c));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "app" : name.substr(0, 40);
}

std::string projectText(const DetectedApp& app, const std::string& projectName, const std::string& appName) {
  std::string text =
      "# How " + projectName +
      " gets from source to a running release.\n"
      "# 'cairn up' does it, 'cairn plan' tells what it would do, 'cairn validate' checks this file.\n"
      "\n"
      "project = " +
      quoted(projectName) +
      "\n"
      "\n"
      "[app." +
      appName +
      "]\n"
      "path = " +
      quoted(app.path) +
      "\n"
      "# labels = { team = \"checkout\" }\n"
      "\n";
  text += app.kind == DetectedApp::Kind::Dockerfile ? dockerStages(appName) : localStages(app, appName);
  return text +
         "\n"
         "# Other settings in another workspace, as in 'cairn up --workspace prod':\n"
         "# [workspace.prod.app." +
         appName +
         ".release]\n"
         "# port = 80\n";
}

}  // namespace cairn::cli
