{
  'variables': {
    # npm run build:native -- --sanitize sets this: addon and bridge under ASan and UBSan.
    'sanitize%': '',
  },
  'targets': [
    {
      'target_name': 'cellvisor',
      'sources': ['<!@(node scripts/native-sources.mjs)'],
      'include_dirs': ['native'],
      'defines': ['NAPI_VERSION=8'],
      'cflags': ['-Wall', '-Wextra', '-Werror', '-fvisibility=hidden'],
      'cflags!': ['-O3', '-fno-omit-frame-pointer'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-exceptions', '-fno-rtti'],
      'cflags_cc': ['-std=c++17', '-O2', '-fno-strict-aliasing'],
      'conditions': [
        [
          'sanitize!=""',
          {
            # The thread sanitizer does not model fences; guest memory, where they matter, is exempt anyway.
            'cflags_cc': ['-fsanitize=<(sanitize)', '-fno-omit-frame-pointer', '-g', '-O1', '-Wno-tsan'],
            'ldflags': ['-fsanitize=<(sanitize)'],
          },
        ],
      ],
    },
    {
      # What `cellvisor run` preloads into programs: no Node-API, no exceptions, and none of its own libraries.
      'target_name': 'cellvisor-bridge',
      'product_prefix': '',
      'type': 'shared_library',
      'sources': ['<!@(node scripts/native-sources.mjs bridge)'],
      'include_dirs': ['native/bridge'],
      'defines': ['_GNU_SOURCE'],
      'defines!': ['_FILE_OFFSET_BITS=64', '_LARGEFILE_SOURCE'],
      'cflags': ['-Wall', '-Wextra', '-Werror', '-fvisibility=hidden', '-U_FORTIFY_SOURCE'],
      'cflags!': ['-O3', '-fno-omit-frame-pointer'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
      'cflags_cc': ['-std=c++17', '-O2', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics'],
      'ldflags': ['-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL', '-Wl,-z,defs'],
      'libraries': ['-ldl', '-lpthread'],
      'conditions': [
        [
          # A program under the thread sanitizer has to be built for it as a whole; under this one, a library may come to it.
          'sanitize=="address,undefined"',
          {
            'cflags_cc': ['-fsanitize=<(sanitize)', '-fno-omit-frame-pointer', '-g', '-O1'],
            'ldflags': ['-fsanitize=<(sanitize)'],
          },
        ],
      ],
    },
  ],
}
