import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// What pages are made of: a test of the room holds it against what the built page says it was made of.
const SOURCES = ['index.html', 'package-lock.json', 'public', 'src', 'vite.config.js'];

function files(path) {
  return statSync(path).isDirectory() ? readdirSync(path).sort().flatMap((name) => files(join(path, name))) : [path];
}

function hash() {
  const sum = createHash('sha256');
  for (const file of SOURCES.flatMap(files)) sum.update(file).update('\0').update(readFileSync(file));
  return sum.digest('hex');
}

const says = {
  name: 'says-what-it-was-made-of',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'sources', content: hash() }, injectTo: 'head' }],
};

// What is built is committed (../dist) and carried by the program: names without hashes, nothing inline, no source maps.
export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false }), says],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rollupOptions: {
      output: { entryFileNames: 'console.js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:9640' } },
});
