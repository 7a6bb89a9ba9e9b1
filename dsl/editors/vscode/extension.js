// Starts `itera lsp` for .itera files. All that the editor learns of the language comes from there.
'use strict';

const { window, workspace } = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

async function start() {
  // In a folder that nobody vouches for no plugin may be loaded, so no server is started.
  if (!workspace.isTrusted || client) return;
  const command = workspace.getConfiguration('itera').get('path', 'itera');
  client = new LanguageClient(
    'itera',
    'itera',
    { command, args: ['lsp'], transport: TransportKind.stdio },
    {
      documentSelector: [{ scheme: 'file', language: 'itera' }, { scheme: 'untitled', language: 'itera' }],
      // What a spec says depends on the files that it names: they are looked at again when they change.
      synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.{csv,json,jsonl,md,so,txt}') },
    },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    window.showErrorMessage(`itera: \`${command} lsp\` cannot be started (${error.message}). ` +
      'Install itera, or set `itera.path` to the program.');
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) await running.stop();
}

function activate(context) {
  context.subscriptions.push(
    workspace.onDidGrantWorkspaceTrust(start),
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration('itera.path')) return;
      await stop();
      await start();
    }),
  );
  return start();
}

module.exports = { activate, deactivate: stop };
