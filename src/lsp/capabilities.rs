//! What the server tells an editor that it can do.

use super::convert::Columns;
use super::show::COMMANDS;
use crate::ide::{MODIFIERS, TOKENS};
use lsp_types::*;
use serde_json::{Value, json};

/// What it can do.
pub(super) fn capabilities(columns: Columns, pulls: bool) -> ServerCapabilities {
    let kinds = [
        CodeActionKind::QUICKFIX,
        CodeActionKind::REFACTOR_EXTRACT,
        CodeActionKind::REFACTOR_INLINE,
        CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::SOURCE_FIX_ALL,
    ];
    ServerCapabilities {
        position_encoding: Some(if columns == Columns::Utf8 { PositionEncodingKind::UTF8 } else { PositionEncodingKind::UTF16 }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", " ", "=", "(", "\"", "/"].map(String::from).into()),
            resolve_provider: Some(true),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(vec!["(".into(), ",".into()]),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions { prepare_provider: Some(true), work_done_progress_options: Default::default() })),
        document_highlight_provider: Some(OneOf::Left(true)),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions { resolve_provider: Some(false), work_done_progress_options: Default::default() }),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(colours()),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".into(),
            more_trigger_character: None,
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(kinds.into()),
            ..CodeActionOptions::default()
        })),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.map(String::from).into(),
            ..ExecuteCommandOptions::default()
        }),
        // An editor that is told findings and asks for them too would show each twice.
        diagnostic_provider: pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..DiagnosticOptions::default()
            })
        }),
        ..ServerCapabilities::default()
    }
}

fn colours() -> SemanticTokensServerCapabilities {
    let legend = SemanticTokensLegend {
        token_types: TOKENS.iter().map(|t| SemanticTokenType::new(t)).collect(),
        token_modifiers: MODIFIERS.iter().map(|m| SemanticTokenModifier::new(m)).collect(),
    };
    SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
        legend,
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    })
}

/// What it asks an editor to watch: sources, templates, and what may stand beside them.
pub(super) fn watched() -> Vec<Value> {
    let watchers: Vec<Value> =
        ["**/*.purlin", "**/purlin.toml", "**/*.json", "**/*.txt", "**/*.zip", "**/*.yaml", "**/*.yml", "**/*.template"]
            .map(|glob| json!({ "globPattern": glob }))
            .into();
    vec![json!({ "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers } })]
}

/// What it asks an editor to send of documents in languages that are not its own: their texts, and what can be done about a
/// finding. Nothing else is registered: other extensions lay them out and complete them.
pub(super) fn of_languages(languages: &[String]) -> Vec<Value> {
    let selector: Vec<Value> = languages.iter().map(|language| json!({ "scheme": "file", "language": language })).collect();
    let all = [
        ("textDocument/didOpen", json!({})),
        ("textDocument/didChange", json!({ "syncKind": TextDocumentSyncKind::INCREMENTAL })),
        ("textDocument/didSave", json!({ "includeText": false })),
        ("textDocument/didClose", json!({})),
        ("textDocument/codeAction", json!({ "codeActionKinds": [CodeActionKind::QUICKFIX] })),
    ];
    let one = |(method, mut options): (&str, Value)| {
        if let Some(options) = options.as_object_mut() {
            options.insert("documentSelector".into(), json!(selector));
        }
        json!({ "id": format!("templates {method}"), "method": method, "registerOptions": options })
    };
    all.into_iter().map(one).collect()
}
