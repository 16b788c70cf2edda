{
  'variables': {
    # npm run build:native -- --sanitize sets this: the whole addon under ASan and UBSan.
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
            'cflags_cc': ['-fsanitize=<(sanitize)', '-fno-omit-frame-pointer', '-g', '-O1'],
            'ldflags': ['-fsanitize=<(sanitize)'],
          },
        ],
      ],
    },
  ],
}
