#pragma once

#include <node_api.h>

#include <memory>

namespace cellvisor::syscalls {

/** A system call that may block: `run` happens away from the JavaScript thread, `result` afterwards on it. */
class Task {
 public:
  virtual ~Task() = default;
  virtual void run() noexcept = 0;
  virtual napi_value result(napi_env env) = 0;
};

/** Runs the task on Node's thread pool and returns a promise of its result. For calls that end by themselves. */
napi_value runOnPool(napi_env env, const char* name, std::unique_ptr<Task> task);

/**
 * Runs the task on a thread of its own, so that calls that wait for an event never fill the pool. The waiting thread
 * keeps the process alive, as a pending read does in Node.
 */
napi_value runOnThread(napi_env env, const char* name, std::unique_ptr<Task> task);

}  // namespace cellvisor::syscalls
