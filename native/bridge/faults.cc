#include "faults.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "own.h"
#include "settings.h"

namespace bridge {
namespace {

constexpr long kAlways = -1;

struct Rule {
  std::string call;
  std::string path;
  int error = 0;
  /// Bytes, for `short=N`.
  size_t readLimit = 0;
  std::atomic<long> left{kAlways};

  Rule() = default;
  Rule(const Rule& other)
      : call(other.call), path(other.path), error(other.error), readLimit(other.readLimit), left(other.left.load()) {}
};

constexpr const char* kCalls[] = {"open", "read", "ioctl", "poll", "mmap", "stat", "access", "readdir", "*"};

bool isCall(const std::string& name) {
  for (const char* call : kCalls) {
    if (name == call) return true;
  }
  return false;
}

/// A decimal number and nothing else.
bool parseNumber(const std::string& text, long& number) {
  char* end = nullptr;
  number = std::strtol(text.c_str(), &end, 10);
  return !text.empty() && *end == '\0' && number >= 0;
}

/// `*` in a pattern stands for any text, also none.
bool matches(std::string_view pattern, std::string_view text) {
  size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  pattern.remove_prefix(star + 1);
  for (size_t skipped = star; skipped <= text.size(); ++skipped) {
    if (matches(pattern, text.substr(skipped))) return true;
  }
  return false;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    size_t end = text.find(separator, start);
    if (end == std::string::npos) end = text.size();
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

bool parseEffect(const std::string& text, Rule& rule) {
  constexpr std::string_view kShort = "short=";
  rule.error = errorNumber(text.c_str());
  long limit = 0;
  if (text.compare(0, kShort.size(), kShort) != 0 || !parseNumber(text.substr(kShort.size()), limit) || limit == 0) {
    return rule.error != 0;
  }
  rule.readLimit = static_cast<size_t>(limit);
  return rule.call == "read" || rule.call == "*";
}

bool parse(const std::string& text, Rule& rule) {
  std::vector<std::string> fields = split(text, ':');
  if (fields.size() != 3 && fields.size() != 4) return false;
  rule.call = fields[0];
  rule.path = fields[1];
  long count = kAlways;
  if (fields.size() == 4 && !parseNumber(fields[3], count)) return false;
  rule.left = count;
  return isCall(rule.call) && parseEffect(fields[2], rule);
}

std::vector<Rule> readRules() {
  std::vector<Rule> rules;
  if (settings().faults.empty()) return rules;
  for (const std::string& text : split(settings().faults, ';')) {
    Rule rule;
    if (!parse(text, rule)) {
      complain(("'" + text + "' in CELLVISOR_FAULTS is not CALL:PATH:EFFECT[:COUNT]").c_str());
      ::_exit(2);
    }
    rules.push_back(rule);
  }
  return rules;
}

std::vector<Rule>& rules() {
  static std::vector<Rule>* const all = new std::vector<Rule>(readRules());
  return *all;
}

/// Counts a use. False when the rule is used up.
bool use(Rule& rule) {
  long left = rule.left.load();
  while (left != kAlways && left > 0) {
    if (rule.left.compare_exchange_weak(left, left - 1)) return true;
  }
  return left == kAlways;
}

Rule* find(const char* call, const std::string& path, bool isLimit) {
  for (Rule& rule : rules()) {
    bool fits = (rule.call == "*" || rule.call == call) && (rule.readLimit > 0) == isLimit && matches(rule.path, path);
    if (fits && use(rule)) return &rule;
  }
  return nullptr;
}

__attribute__((constructor)) void checkRules() { rules(); }

}  // namespace

namespace faults {

int errorOf(const char* call, const std::string& path) {
  Rule* rule = find(call, path, false);
  return rule == nullptr ? 0 : rule->error;
}

size_t readLimit(const std::string& path, size_t length) {
  Rule* rule = find("read", path, true);
  return rule == nullptr || rule->readLimit > length ? length : rule->readLimit;
}

}  // namespace faults
}  // namespace bridge
