//! Live streams: in order, in scope, resumed without a gap.

use axum::response::IntoResponse;
use base::MemberId;
use flows::Topic;
use futures_util::StreamExt;

use crate::world::{World, associate, each_world, guest, member};

#[test]
fn only_staff_follow_the_chain_and_only_members_their_orders() {
    each_world(async |w: World| {
        assert!(w.flows.stream(&guest(), vec![Topic::Orders], None).await.is_err());
        assert!(
            w.flows
                .stream(&member(MemberId::new()), vec![Topic::Orders], None)
                .await
                .is_err()
        );
        assert!(w.flows.my_stream(&associate(w.hubin), None).await.is_err());
        assert!(w.flows.my_stream(&member(MemberId::new()), None).await.is_ok());
        assert!(Topic::parse("everything").is_err());
    });
}

#[test]
fn a_stream_resumes_where_it_broke_and_honours_the_place() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let me = member(MemberId::new());
        let mine = w
            .order(&me, &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        w.pay(&mine).await.unwrap();
        w.events().await;

        let stream = w
            .flows
            .stream(&associate(w.hubin), vec![Topic::Orders], Some(0))
            .await
            .unwrap();
        let heard = read(stream.into_response(), 4).await;
        let kinds: Vec<&str> = heard.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, [PLACED, PLACED, PAID, PAID]);

        let stream = w
            .flows
            .stream(&associate(w.hubin), vec![Topic::Orders], Some(heard[1].id))
            .await
            .unwrap();
        assert_eq!(read(stream.into_response(), 2).await, heard[2..]);

        let stream = w.flows.my_stream(&me, Some(0)).await.unwrap();
        let kinds: Vec<String> = read(stream.into_response(), 2)
            .await
            .into_iter()
            .map(|e| e.kind)
            .collect();
        assert_eq!(kinds, [PLACED, PAID]);

        // Another store hears nothing of these, and then of its own.
        w.receive(w.serum, w.wulin, 1).await;
        let stream = w
            .flows
            .stream(&associate(w.wulin), vec![Topic::Orders], Some(0))
            .await
            .unwrap();
        let own = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.wulin))
            .await
            .unwrap();
        w.events().await;
        assert_eq!(
            read(stream.into_response(), 1).await[0].aggregate,
            own.id.to_string()
        );
    });
}

const PLACED: &str = "orders.order_placed.v1";
const PAID: &str = "orders.order_paid.v1";

#[derive(PartialEq, Debug)]
struct Heard {
    id: i64,
    kind: String,
    aggregate: String,
}

/// The first events of a stream.
async fn read(response: axum::response::Response, count: usize) -> Vec<Heard> {
    let frames = response.into_body().into_data_stream().take(count).map(|frame| {
        let text = String::from_utf8(frame.unwrap().to_vec()).unwrap();
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap()
                .trim_start()
                .to_owned()
        };
        let data: serde_json::Value = serde_json::from_str(&field("data:")).unwrap();
        Heard {
            id: field("id:").parse().unwrap(),
            kind: data["kind"].as_str().unwrap().to_owned(),
            aggregate: data["aggregate"].as_str().unwrap().to_owned(),
        }
    });
    frames.collect().await
}
