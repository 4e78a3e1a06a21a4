//! Every operation of the document, called by those who may not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod common;

use common::{Server, fill_path};
use http::{Method, StatusCode};
use serde_json::Value;

/// (method, path, whether members may, whether staff with a permission may, whether anybody may)
struct Operation {
    method: Method,
    path: String,
    public: bool,
    member: bool,
    staff: Option<Vec<String>>,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            if operation.get("operationId").is_none() {
                continue;
            }
            let ways = operation["security"]
                .as_array()
                .unwrap_or_else(|| panic!("{method} {path}"));
            let has = |scheme: &str| ways.iter().find_map(|way| way.get(scheme));
            found.push(Operation {
                method,
                path: fill_path(path, operation, item),
                public: ways.iter().any(|way| way.as_object().unwrap().is_empty()),
                member: has("member").is_some(),
                staff: has("staff").map(|scopes| {
                    let scopes = scopes.as_array().unwrap().iter();
                    scopes.map(|s| s.as_str().unwrap().to_owned()).collect()
                }),
            });
        }
    }
    assert!(found.len() > 60, "only {} operations were found", found.len());
    found
}

#[tokio::test]
async fn every_operation_refuses_who_may_not_call_it() {
    let server = Server::start().await;
    let document = server.document();
    // Somebody without any right but to be there.
    let auditor = server.staff_token("auditor").await;
    let member = server.member_token().await;
    let mut checked = 0;
    for operation in operations(&document) {
        let Operation {
            method,
            path,
            public,
            member: for_members,
            staff,
        } = operation;
        let place = format!("{method} {path}");
        if public {
            continue;
        }
        checked += 1;
        let anonymous = server.call(method.clone(), &path, None).await;
        assert_eq!(
            anonymous.status(),
            StatusCode::UNAUTHORIZED,
            "{place} by a visitor"
        );
        if !for_members {
            let refused = server.call(method.clone(), &path, Some(&member)).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{place} by a member");
        }
        let auditor_may = |p: &String| server.auditor_may(p);
        if staff
            .as_ref()
            .is_none_or(|wanted| !wanted.iter().all(auditor_may))
        {
            let refused = server.call(method.clone(), &path, Some(&auditor)).await;
            let status = refused.status();
            assert!(
                status == StatusCode::FORBIDDEN || (staff.is_none() && status == StatusCode::UNAUTHORIZED),
                "{place} by an auditor: {status}"
            );
        }
    }
    assert!(checked > 40, "only {checked} operations are closed to anybody");
}

#[test]
fn every_permission_has_a_policy_and_every_policy_a_permission() {
    let mut declared: Vec<&str> = storeloop::house::PERMISSIONS
        .iter()
        .copied()
        .flatten()
        .map(|p| p.as_str())
        .collect();
    declared.sort_unstable();
    declared.dedup();
    let known = access::known_permissions().unwrap();
    let mut known: Vec<&str> = known.iter().map(|p| p.as_str()).collect();
    known.sort_unstable();
    assert_eq!(declared, known);
}
