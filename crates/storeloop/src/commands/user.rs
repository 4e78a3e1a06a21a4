//! `storeloop user`

use std::io::{BufRead, IsTerminal, Write};

use access::{Assignment, Login, NewPassword, NewStaff, PersonName, Role, Scope, StaffChange};
use base::{Ctx, PageSize, PlaceId};
use startup::config::Config;

use crate::cli::UserCommand;
use crate::commands::{Done, open, say, terminal_locale, words};
use crate::house::House;

/// Manages who may sign in.
///
/// # Errors
/// When the person, role or place is unknown, or the password is too weak.
pub(crate) async fn user(config: &Config, command: UserCommand) -> Done {
    let house = open(config).await?;
    let done = manage(&house, command).await;
    house.db.shutdown().await;
    done
}

async fn manage(house: &House, command: UserCommand) -> Done {
    let ctx = Ctx::system("cli");
    match command {
        UserCommand::List => list(house, &ctx).await,
        UserCommand::Create {
            login,
            name,
            role,
            place,
        } => create(house, &ctx, &login, name.as_deref(), &role, place.as_deref()).await,
        UserCommand::ResetPassword { login } => {
            let password = NewPassword::parse(&read_password()?, &login).map_err(words)?;
            let change = StaffChange {
                password: Some(password),
                ..StaffChange::default()
            };
            update(house, &ctx, &login, change).await
        }
        UserCommand::Disable { login } => {
            let change = StaffChange {
                active: Some(false),
                ..StaffChange::default()
            };
            update(house, &ctx, &login, change).await
        }
    }
}

async fn list(house: &House, ctx: &Ctx) -> Done {
    let mut after = None;
    loop {
        let size = PageSize::new(None).map_err(words)?;
        let page = house.access.staff_list(ctx, after, size).await.map_err(words)?;
        for one in &page.items {
            let roles: Vec<String> = one
                .roles
                .iter()
                .map(|a| format!("{}@{}", a.role.as_str(), a.scope))
                .collect();
            let state = if one.active { "active" } else { "disabled" };
            say(&format!(
                "{:<16} {:<20} {state:<9} {}",
                one.login,
                one.name,
                roles.join(", ")
            ));
        }
        after = page.items.last().map(|one| one.id);
        if page.next.is_none() {
            return Ok(());
        }
    }
}

async fn create(
    house: &House,
    ctx: &Ctx,
    login: &str,
    name: Option<&str>,
    role: &str,
    place: Option<&str>,
) -> Done {
    let role: Role = role.parse().map_err(words)?;
    let home = match place {
        Some(code) => Some(place_by_code(house, code).await?),
        None => None,
    };
    let scope = home.map_or(Scope::All, Scope::Place);
    let new = NewStaff {
        login: Login::parse(login).map_err(words)?,
        name: PersonName::parse(name.unwrap_or(login)).map_err(words)?,
        password: NewPassword::parse(&read_password()?, login).map_err(words)?,
        email: None,
        locale: terminal_locale(),
        roles: [Assignment::new(role, scope).map_err(words)?].into(),
        home_place_id: home,
    };
    let staff = house.access.staff_create(ctx, new).await.map_err(words)?;
    say(&format!("{} may sign in ({})", staff.login, staff.id));
    Ok(())
}

async fn place_by_code(house: &House, code: &str) -> Done<PlaceId> {
    let book = house.places.book().await.map_err(words)?;
    let found = book.iter().find(|place| place.code == code).map(|place| place.id);
    found.ok_or_else(|| format!("there is no place with the code `{code}`"))
}

async fn update(house: &House, ctx: &Ctx, login: &str, change: StaffChange) -> Done {
    let staff = house.access.staff_by_login(ctx, login).await.map_err(words)?;
    house
        .access
        .staff_update(ctx, staff.id, change, None)
        .await
        .map_err(words)?;
    say(&format!("{} is changed; running sessions ended", staff.login));
    Ok(())
}

/// One line from standard input. At a terminal it is asked for; the line is then visible, so a pipe is better.
fn read_password() -> Done<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let mut prompt = std::io::stderr();
        // A prompt that cannot be shown must not keep anybody from answering it.
        let _ = write!(prompt, "password (visible): ").and_then(|()| prompt.flush());
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .map_err(|e| format!("the password cannot be read: {e}"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
