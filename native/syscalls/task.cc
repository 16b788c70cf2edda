#include "syscalls/task.h"

#include <cerrno>
#include <exception>
#include <system_error>
#include <thread>

#include "napi/value.h"

namespace cellvisor::syscalls {

using napi::check;

namespace {

void settle(napi_env env, napi_deferred deferred, Task& task) {
  try {
    check(env, napi_resolve_deferred(env, deferred, task.result(env)));
  } catch (const std::exception& error) {
    napi_value message = nullptr;
    napi_value reason = nullptr;
    if (napi_create_string_utf8(env, error.what(), NAPI_AUTO_LENGTH, &message) == napi_ok &&
        napi_create_error(env, nullptr, message, &reason) == napi_ok) {
      napi_reject_deferred(env, deferred, reason);
    }
  }
}

struct PoolJob {
  std::unique_ptr<Task> task;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
};

struct ThreadJob {
  std::unique_ptr<Task> task;
  napi_deferred deferred = nullptr;
  napi_threadsafe_function done = nullptr;
};

}  // namespace

napi_value runOnPool(napi_env env, const char* name, std::unique_ptr<Task> task) {
  auto job = std::make_unique<PoolJob>();
  job->task = std::move(task);
  napi_value promise = nullptr;
  check(env, napi_create_promise(env, &job->deferred, &promise));
  check(env, napi_create_async_work(
                 env, nullptr, napi::makeString(env, name),
                 [](napi_env, void* data) { static_cast<PoolJob*>(data)->task->run(); },
                 [](napi_env environment, napi_status, void* data) {
                   std::unique_ptr<PoolJob> finished(static_cast<PoolJob*>(data));
                   settle(environment, finished->deferred, *finished->task);
                   napi_delete_async_work(environment, finished->work);
                 },
                 job.get(), &job->work));
  check(env, napi_queue_async_work(env, job->work));
  job.release();  // owned by the completion callback from here on
  return promise;
}

napi_value runOnThread(napi_env env, const char* name, std::unique_ptr<Task> task) {
  auto job = std::make_unique<ThreadJob>();
  job->task = std::move(task);
  napi_value promise = nullptr;
  check(env, napi_create_promise(env, &job->deferred, &promise));
  check(env, napi_create_threadsafe_function(
                 env, nullptr, nullptr, napi::makeString(env, name), 0, 1, nullptr, nullptr, nullptr,
                 [](napi_env environment, napi_value, void*, void* data) {
                   std::unique_ptr<ThreadJob> finished(static_cast<ThreadJob*>(data));
                   // Without an environment the process is ending: nobody waits for the promise.
                   if (environment != nullptr) settle(environment, finished->deferred, *finished->task);
                 },
                 &job->done));
  ThreadJob* running = job.get();
  try {
    std::thread([running] {
      running->task->run();
      napi_threadsafe_function done = running->done;
      if (napi_call_threadsafe_function(done, running, napi_tsfn_blocking) != napi_ok) {
        std::unique_ptr<ThreadJob> abandoned(running);
      }
      napi_release_threadsafe_function(done, napi_tsfn_release);
    }).detach();
  } catch (const std::system_error&) {
    napi_release_threadsafe_function(job->done, napi_tsfn_abort);
    throw;
  }
  job.release();  // owned by the thread, then by the callback
  return promise;
}

}  // namespace cellvisor::syscalls
